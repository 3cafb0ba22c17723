#!/usr/bin/lua
print("fine") x =
