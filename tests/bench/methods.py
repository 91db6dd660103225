# Method calls, attribute updates, class counters, properties.
class Account:
    made = 0

    def __init__(self, owner, balance):
        self.owner = owner
        self._balance = balance
        Account.made += 1

    def deposit(self, amount):
        self._balance += amount
        return self

    @property
    def balance(self):
        return self._balance


class Savings(Account):
    def __init__(self, owner, balance, rate):
        super().__init__(owner, balance)
        self.rate = rate

    def deposit(self, amount):
        return super().deposit(amount + self.rate)


def main():
    total = 0
    for i in range(120000):
        a = Savings("x", i, 2)
        a.deposit(5).deposit(6)
        total += a.balance
    return total, Account.made


print(main())
