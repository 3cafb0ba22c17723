print(1 < 2, 2 <= 2, 3 > 4, 4 >= 4, 1 == 1.0, 1 ~= 2)
print("a" < "b", "a" < "aa", "Z" < "a", "" < "a", "a" <= "a", "b" > "a")
print("\255" > "a", "\128" > "\127", "a\0b" < "a\0c", "a" < "a\0")
print(1 == "1", nil == false, {} == {}, print == print)
local nan = 0/0
print(nan == nan, nan ~= nan, nan < nan, nan > nan, nan <= 1, not (nan >= 1))
print(0 == -0, 1/0 == 1/-0, -0 < 0)
