print("a\tb\nc\\d\"e'f", 'single \'quoted\'', "\65\066\x41\u{41}\u{e9}\u{20ac}\u{1f600}")
print([[long
string]], [==[with ]] inside]==], [[
first newline skipped]])
print(#"\0\1\2", "a\z
       b", "line\
continued")
print(("\a\b\f\v\r"):byte(1, -1))
print("\x00\xff":byte(1, 2))
