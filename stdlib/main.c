/* stdlib/main.c - the program. */
#include "run.h"

int main(int argc, char **argv)
{
    return ou_main(argc, argv);
}
