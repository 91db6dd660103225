/* stdlib/edit_words.c - words, the ring of kills, transposing and case: the parts of Emacs that work on a piece of text. */
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

#include "edit.h"

bool ou_edit_word_char(uint32_t c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '_';
}

static size_t left_of(const OuEdit *e, size_t at)
{
    while (at > 0 && !ou_edit_word_char(e->text[at - 1]))
        at--;
    while (at > 0 && ou_edit_word_char(e->text[at - 1]))
        at--;
    return at;
}

static size_t right_of(const OuEdit *e, size_t at)
{
    while (at < e->n && !ou_edit_word_char(e->text[at]))
        at++;
    while (at < e->n && ou_edit_word_char(e->text[at]))
        at++;
    return at;
}

size_t ou_edit_word_left(const OuEdit *e)
{
    return left_of(e, e->at);
}

size_t ou_edit_word_right(const OuEdit *e)
{
    return right_of(e, e->at);
}

size_t ou_edit_step_left(const OuEdit *e, size_t at)
{
    do
        at -= at > 0;
    while (at > 0 && e->text[at] >= 0x300 && ou_char_width(e->text[at]) == 0);
    return at;
}

size_t ou_edit_step_right(const OuEdit *e, size_t at)
{
    at += at < e->n;
    while (at < e->n && e->text[at] >= 0x300 && ou_char_width(e->text[at]) == 0)
        at++;
    return at;
}

bool ou_edit_only_blank(const OuEdit *e, size_t from, size_t to)
{
    for (; from < to; from++)
        if (e->text[from] != ' ' && e->text[from] != '\t')
            return false;
    return true;
}

/* ---- kills ---- */

void ou_edit_kills_free(OuEdit *e)
{
    for (int i = 0; i < OU_EDIT_KILLS; i++)
        free(e->kills[i].text);
    memset(e->kills, 0, sizeof e->kills);
}

void ou_edit_kill(OuEdit *e, size_t from, size_t to, bool before)
{
    OuEditKill *k = &e->kills[0];
    size_t n = to - from, old = e->killing ? k->n : 0;
    if (n == 0)
        return;
    uint32_t *text = malloc((n + old) * sizeof *text);
    if (!text)
        return;
    memcpy(text + (before ? 0 : old), e->text + from, n * sizeof *text);
    if (old)
        memcpy(text + (before ? n : 0), k->text, old * sizeof *text);
    if (e->killing)
        free(k->text);
    else {
        free(e->kills[OU_EDIT_KILLS - 1].text);
        memmove(k + 1, k, (OU_EDIT_KILLS - 1) * sizeof *k);
    }
    *k = (OuEditKill){text, n + old};
    ou_edit_save(e);
    ou_edit_delete(e, from, to);
}

static void yank(OuEdit *e, size_t i)
{
    e->yank_from = e->at;
    e->yank_n = i;
    e->yanking = ou_edit_insert(e, e->kills[i].text, e->kills[i].n);
}

void ou_edit_yank(OuEdit *e)
{
    if (e->kills[0].n == 0)
        return;
    ou_edit_save(e);
    yank(e, 0);
}

void ou_edit_yank_older(OuEdit *e)
{
    size_t i = e->yank_n + 1;
    ou_edit_save(e);
    ou_edit_delete(e, e->yank_from, e->at);
    yank(e, i < OU_EDIT_KILLS && e->kills[i].n ? i : 0);
}

/* ---- transpose, case ---- */

void ou_edit_transpose(OuEdit *e)
{
    size_t at = e->at == ou_edit_line_end(e, e->at) && e->at ? e->at - 1 : e->at;
    if (at == 0 || e->text[at] == '\n' || e->text[at - 1] == '\n')
        return;
    ou_edit_save(e);
    uint32_t c = e->text[at];
    e->text[at] = e->text[at - 1];
    e->text[at - 1] = c;
    e->at = at + 1;
}

/* a b| -> b a|, with what stands between. */
void ou_edit_transpose_words(OuEdit *e)
{
    size_t end2 = right_of(e, e->at), start2 = left_of(e, end2), start1 = left_of(e, start2),
           end1 = right_of(e, start1);
    if (end1 > start2 || start1 == start2)
        return;
    size_t n = end2 - start1;
    uint32_t *text = malloc(n * sizeof *text), *to = text;
    if (!text)
        return;
    memcpy(to, e->text + start2, (end2 - start2) * sizeof *text);
    to += end2 - start2;
    memcpy(to, e->text + end1, (start2 - end1) * sizeof *text);
    to += start2 - end1;
    memcpy(to, e->text + start1, (end1 - start1) * sizeof *text);
    ou_edit_save(e);
    memcpy(e->text + start1, text, n * sizeof *text);
    free(text);
    e->at = end2;
}

void ou_edit_word_case(OuEdit *e, char how)
{
    size_t end = right_of(e, e->at), i = e->at;
    bool first = true;
    ou_edit_save(e);
    for (; i < end; i++) {
        if (!ou_edit_word_char(e->text[i]))
            continue;
        bool up = how == 'u' || (how == 'c' && first);
        e->text[i] = up ? uc_toupper(e->text[i]) : uc_tolower(e->text[i]);
        first = false;
    }
    e->at = end;
}
