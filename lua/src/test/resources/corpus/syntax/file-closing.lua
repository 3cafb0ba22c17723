if x then

foo(
