local function show(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    texts[i] = type(value) == "number" and string.format("%.14g", value) or type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  print(table.concat(texts, " "))
end
local function try(name, f, ...)
  io.write(name, ": ")
  show(pcall(f, ...))
end
local ffi = require("ffi")
ffi.cdef[[ size_t strlen(const char *); int atoi(const char *); double sqrt(double); int inet_pton(int af, const char *src, void *dst); const char *inet_ntop(int af, const void *src, char *dst, uint32_t size); char *getenv(const char *); int snprintf(char *, size_t, const char *, ...); int open(const char *, int); char *strchr(const char *, int); int abs(int); unsigned long strtoul(const char *, char **, int); float sqrtf(float); ]]
print(ffi.C.strlen("hello"), ffi.C.atoi("42"), ffi.C.sqrt(2), ffi.C.abs(-5), ffi.C.sqrtf(4)) local b = ffi.new("uint8_t[4]") print(ffi.C.inet_pton(2, "1.2.3.4", b), b[0], b[3], ffi.C.inet_pton(2, "nope", b)) local d = ffi.new("char[20]") print(ffi.string(ffi.C.inet_ntop(2, b, d, 20)), ffi.string(d))
print(ffi.C.snprintf(d, 20, "%d-%s-%.2f", ffi.new("int", 5), "x", 1.5), ffi.string(d)) print(ffi.C.getenv("NO_SUCH_VARIABLE") == nil, ffi.string(ffi.C.getenv("PATH")) == os.getenv("PATH")) print(ffi.C.open("/no/such/file", 0), ffi.errno()) print(ffi.string(ffi.C.strchr("hello world", 119))) print(ffi.C.strtoul("123abc", nil, 10))
try([==[ffi.C.strlen()]==], function() return ffi.C.strlen() end)
try([==[ffi.C.strlen(5)]==], function() return ffi.C.strlen(5) end)
try([==[ffi.C.strlen("a", "b")]==], function() return ffi.C.strlen("a", "b") end)
try([==[ffi.C.atoi({})]==], function() return ffi.C.atoi({}) end)
try([==[ffi.C.abs("x")]==], function() return ffi.C.abs("x") end)
try([==[ffi.C.strlen(nil and 1 or true)]==], function() return ffi.C.strlen(nil and 1 or true) end)
try([==[type(ffi.C.strlen)]==], function() return type(ffi.C.strlen) end)
