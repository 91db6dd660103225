@d(1)
class C(B, metaclass=M):
    """doc"""
    x: int = 1

    def __init__(self, a, b=2, *, c=3):
        super().__init__()
        self.a = a
