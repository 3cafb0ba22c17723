package dev.weir.lua.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Where fuzzing starts: one seed for each thing that a grammar has. */
final class FuzzSeeds {
    private FuzzSeeds() {}

    private static Stream<byte[]> octets(String... seeds) {
        return Stream.of(seeds).map(seed -> seed.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Stream<byte[]> programs() {
        return octets(
                "local a, b = 1, 2 for i = 1, 10 do a = a + b * i end return a",
                "for k, v in pairs({1, 2, x = 3}) do if k == 'x' then goto done end end ::done:: return 1",
                "local t = setmetatable({}, {__index = function(t, k) return k end}) return t[1] .. t.x, #t, -t[2], not t",
                "repeat local x = (function(...) return select('#', ...) end)(1, 2) until x == 2 while true do break end",
                "return 0x1p4, 1e10, 5LL, 7ULL, 'a\\x41\\z  \\065\\u{48}', [==[ long ]==], -2 ^ 2, 1 .. 2 --[[ c ]]",
                "local s = ('x'):rep(10):gsub('x', '%0%0') return s:find('(x)(x)'), string.format('%5.2f %q', 1, s)",
                "local co = coroutine.wrap(function(a) local b = coroutine.yield(a) error(b) end) co(1) return pcall(co, 2)",
                "table.sort({3, 1, 2}, function(a, b) return a > b end) return unpack({1, 2, 3}, 1, 3)",
                "function f(n) return n < 2 and n or f(n - 1) + f(n - 2) end return f(10), debug.traceback()");
    }

    static Stream<byte[]> patterns() {
        return octets(
                "hello world!%a+ (%w*)",
                "key = value^%s*(%S+)%s*",
                "(a(b)c)(x)%b()[^%)]*%b",
                "THE (quick) %f[%a]%u+%f[",
                "aaaaaaaaaaaa(a-)(a?)a+$1",
                "\0\200\377abc[%z\200-\377]()%1..",
                "aaaaaaaaaaaaaaaaaaaaaaaaa*a*a*a*a*a*a*a*a*b");
    }

    static Stream<byte[]> formats() {
        return octets(
                "%d %5.2f %-10s|",
                "%q %x %X %#o %c", "%+e % g %a %.99f", "%s %i %u %p %%", "%099d %-5.3s %.0f", "%y %5");
    }

    static Stream<byte[]> dates() {
        return octets(
                "%Y-%m-%d %H:%M:%S",
                "*t", "%a %A %b %B %c %C %D %e %F %g %G", "%_5d %^a %#Z %010Y %Ec %Oy", "%", "%E%O");
    }

    static Stream<byte[]> numbers() {
        return octets(
                "1e308", "0x1.8p-1074", " 12 ", "0b101", "-inf", "123456789012345678901234567890.5e-10", "1e1048575");
    }

    static Stream<byte[]> declarations() {
        return octets(
                "struct A { int a : 3; char b[4]; union { float f; double d; } u; struct A *next; };",
                "typedef int (*cb_t)(int, const char *, ...); enum E { X = 1 << 4, Y, Z = -1 };",
                "static const int K = (1 + 2) * sizeof(int[3]); extern unsigned long long f(void) asm(\"g\");",
                "#pragma pack(1)\nstruct P { char a; int b; } __attribute__((packed));",
                "int (*(*a[3])(int))[5]",
                "struct { int n; double x[?]; }",
                "const volatile unsigned char * const *");
    }
}
