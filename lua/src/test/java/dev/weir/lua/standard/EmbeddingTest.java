package dev.weir.lua.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaType;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a Java program that embeds Lua relies on. */
class EmbeddingTest {
    private static LuaState open(LuaLimits limits) {
        return StandardLua.open(
                new LuaStreams(
                        new ByteArrayInputStream(new byte[0]),
                        new ByteArrayOutputStream(),
                        new ByteArrayOutputStream()),
                limits);
    }

    private static @Nullable Object run(LuaState state, String text) {
        return state.call(state.load(text, "=script"));
    }

    @Test
    void anEndlessLoopEndsWithTheLineWhenItsBudgetIsSpent() {
        try (LuaState state = open(LuaLimits.GENEROUS.withInstructions(50_000))) {
            assertThatThrownBy(() -> run(state, "local i = 0\nwhile true do\n i = i + 1 end"))
                    .isInstanceOf(LuaError.class)
                    .hasMessageContaining("script:")
                    .hasMessageContaining("instruction budget exceeded");
            assertThat(run(state, "return 'the next call has a budget of its own'"))
                    .isNotNull();
        }
    }

    /** Another thread ends what runs, whatever it catches, and what would run later. */
    @Test
    void aWorldIsStopped() throws Exception {
        for (String endless : new String[] {
            "while true do pcall(function() while true do end end) end",
            "local n = 0 while true do n = n + 1 end",
            "local function f() return f() end f()"
        }) {
            try (LuaState state = open(LuaLimits.GENEROUS)) {
                CountDownLatch running = new CountDownLatch(1);
                AtomicReference<Throwable> end = new AtomicReference<>();
                state.register(state.globals(), "running", (world, args) -> {
                    running.countDown();
                    return Values.NONE;
                });
                Thread thread = Thread.ofPlatform().daemon().start(() -> {
                    try {
                        run(state, "running() " + endless);
                    } catch (Throwable e) {
                        end.set(e);
                    }
                });
                running.await();
                state.stop();
                thread.join();
                assertThat(end.get()).isInstanceOf(LuaError.class).hasMessageContaining("stopped");
                assertThatThrownBy(() -> run(state, endless)).hasMessageContaining("stopped");
            }
        }
    }

    @Test
    void pcallDoesNotCatchAnExhaustedBudget() {
        try (LuaState state = open(LuaLimits.GENEROUS.withInstructions(50_000))) {
            assertThatThrownBy(() -> run(state, "while true do pcall(function() while true do end end) end"))
                    .hasMessageContaining("instruction budget exceeded");
            assertThatThrownBy(() -> run(state, "coroutine.wrap(function() while true do end end)()"))
                    .hasMessageContaining("instruction budget exceeded");
            assertThatThrownBy(() -> run(state, "local function f() return f() end f()"))
                    .hasMessageContaining("instruction budget exceeded");
        }
    }

    @Test
    void aCallEndsWhenItsTimeIsUp() {
        try (LuaState state = open(LuaLimits.GENEROUS.withDeadlineNs(20_000_000))) {
            assertThatThrownBy(() -> run(state, "while true do end")).hasMessageContaining("time limit exceeded");
            // In a library's function it is the script's line that helps.
            assertThatThrownBy(() -> run(state, "local x\n(('a'):rep(60)):find(('.-'):rep(30) .. 'b')"))
                    .hasMessageContaining(":2: time limit exceeded");
        }
    }

    @Test
    void deepRecursionIsAnErrorAtTheStatedDepth() throws InterruptedException {
        Object[] result = new Object[1];
        Thread thread = new Thread(null, () -> result[0] = recurse(), "deep", 16L << 20);
        thread.start();
        thread.join();
        assertThat(String.valueOf(result[0])).isEqualTo("15000 false script:1: stack overflow");
    }

    private static @Nullable Object recurse() {
        try (LuaState state = open(LuaLimits.GENEROUS)) {
            return run(state, """
                    local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end
                    return f(15000) .. ' ' .. tostring(pcall(f, 17000)) .. ' ' .. select(2, pcall(f, 17000))""");
        }
    }

    @Test
    void worldsShareNothing() {
        try (LuaState one = open(LuaLimits.GENEROUS);
                LuaState other = open(LuaLimits.GENEROUS)) {
            run(one, "x = 1 string.mine = 1 getmetatable('').__index = nil");
            assertThat(run(other, "return x")).isNull();
            assertThat(run(other, "return string.mine")).isNull();
            assertThat(String.valueOf(run(other, "return ('x'):rep(2)"))).isEqualTo("xx");
        }
    }

    @Test
    void anErrorTellsWhereTheScriptWas() {
        try (LuaState state = open(LuaLimits.GENEROUS)) {
            LuaError error = catchThrowableOfType(
                    LuaError.class, () -> run(state, "local function f()\n error('no')\nend\nf()"));
            assertThat(error).hasMessage("script:2: no");
            assertThat(error.traceback()).isEqualTo("""
                            stack traceback:
                            \t[C]: in function 'error'
                            \tscript:2: in function 'f'
                            \tscript:4: in main chunk""");
        }
    }

    /** An object as a DNS query is to rules. */
    private static final class Account extends LuaUserdata {
        private static LuaType type(LuaState state) {
            return LuaType.named("Account")
                    .property(
                            "balance",
                            Account.class,
                            account -> LuaNumber.box(account.balance),
                            (account, value) -> account.balance = (Double) java.util.Objects.requireNonNull(value))
                    .property("owner", Account.class, account -> null)
                    .method("deposit", state.function("deposit", (world, args) -> {
                        args.userdata(1, Account.class, "Account").balance += args.number(2);
                        return Values.NONE;
                    }))
                    .build();
        }

        private final LuaType type;
        private double balance;

        Account(LuaType type) {
            this.type = type;
        }

        @Override
        public LuaType luaType() {
            return type;
        }
    }

    @Test
    void scriptsUsePropertiesAndMethodsOfObjects() {
        try (LuaState state = open(LuaLimits.GENEROUS)) {
            Account account = new Account(Account.type(state));
            state.globals().put("account", account);
            run(state, "for i = 1, 3000 do account:deposit(i) account.balance = account.balance - 1 end");
            assertThat(account.balance).isEqualTo(4_501_500 - 3000);
            assertThat(run(state, "return account.owner")).isNull();
            assertThat(run(state, "return account.nothing")).isNull();
            assertThatThrownBy(() -> run(state, "account.owner = 1"))
                    .hasMessageContaining("attempt to index global 'account'");
            assertThatThrownBy(() -> run(state, "account.deposit(5, 1)"))
                    .hasMessage("script:1: bad argument #1 to 'deposit' (Account expected, got number)");
        }
    }

    @Test
    void aHotCallFromJavaAllocatesNothing() {
        try (LuaState state = open(LuaLimits.GENEROUS)) {
            Account account = new Account(Account.type(state));
            LuaFunction rule = (LuaFunction) java.util.Objects.requireNonNull(
                    run(state, "return function(a) if a.balance < 5 then return true end return false end"));
            for (int i = 0; i < 50_000; i++) {
                state.call(rule, account);
            }
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                state.call(rule, account);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        }
    }

    @Test
    void abandonedCoroutinesEnd() {
        try (LuaState state = open(LuaLimits.GENEROUS)) {
            Object count = run(state, """
                    local n = 0
                    for i = 1, 200 do
                      local f = coroutine.wrap(function() coroutine.yield(1) end)
                      n = n + f()
                    end
                    return n""");
            assertThat(count).isEqualTo(200.0);
        }
    }

    @Test
    void textsAndOctetsAreTheSame() {
        try (LuaState state = open(LuaLimits.GENEROUS)) {
            Object text = run(state, "return 'ü\\255'");
            assertThat(text).isInstanceOf(LuaString.class);
            assertThat(((LuaString) java.util.Objects.requireNonNull(text)).toByteArray())
                    .containsExactly(0xc3, 0xbc, 0xff);
        }
    }
}
