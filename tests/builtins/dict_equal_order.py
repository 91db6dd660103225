# Equality of dicts asks the value of the left dict.
class Value:
    def __init__(self, name, answer):
        self.name = name
        self.answer = answer

    def __eq__(self, other):
        print(f"{self.name} == {other.name}")
        return self.answer


left, right = Value("left", True), Value("right", False)
print({1: left} == {1: right})
print({1: right} == {1: left})
print({1: left} != {1: right})
