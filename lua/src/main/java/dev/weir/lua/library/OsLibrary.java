package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.text.OctetBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code os}. */
public final class OsLibrary {
    private static final LuaString C_LOCALE = LuaString.of("C");

    private OsLibrary() {}

    /** Makes the library in a world; its {@code clock} starts now. */
    public static void open(LuaState state) {
        LuaTable library = state.library("os");
        long startNs = System.nanoTime();
        for (Function function : Function.values()) {
            state.register(library, function.luaName, new Bound(function, startNs));
        }
    }

    private enum Function {
        CLOCK,
        DATE,
        DIFFTIME,
        EXECUTE,
        EXIT,
        GETENV,
        REMOVE,
        RENAME,
        SETLOCALE,
        TIME,
        TMPNAME;

        private final String luaName = name().toLowerCase(Locale.ROOT);
    }

    private record Bound(Function function, long startNs) implements LibraryFunction.Body {
        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            return switch (function) {
                // The time that passed, since the processor's time of one script cannot be told in a process with many
                // threads.
                case CLOCK -> LuaNumber.box(Math.floorDiv(System.nanoTime() - startNs, 1000L) / 1e6);
                case DATE -> date(state, arguments);
                case DIFFTIME -> LuaNumber.box(whole(arguments.number(1)) - whole(arguments.optNumber(2, 0)));
                case EXECUTE -> execute(state, arguments);
                case EXIT -> throw exit(arguments);
                case GETENV -> environment(arguments.string(1));
                case REMOVE -> remove(arguments.string(1));
                case RENAME -> rename(arguments.string(1), arguments.string(2));
                case SETLOCALE -> locale(arguments);
                case TIME -> arguments.isNil(1) ? LuaNumber.box((double) now()) : time(state, arguments.table(1));
                case TMPNAME -> temporaryName(state);
            };
        }
    }

    /** A time of C, which has no fraction. */
    private static double whole(double seconds) {
        return TextFormatter.toSigned(seconds);
    }

    private static long now() {
        return Math.floorDiv(System.currentTimeMillis(), 1000L);
    }

    private static ScriptExit exit(LuaArgs arguments) {
        if (arguments.get(1) instanceof Boolean success) {
            return new ScriptExit(success ? 0 : 1);
        }
        return new ScriptExit(arguments.optInteger(1, 0) & 0xff);
    }

    private static @Nullable Object environment(LuaString name) {
        String value = System.getenv(FileNames.toJava(name));
        return value == null ? null : LuaString.of(value);
    }

    private static Object execute(LuaState state, LuaArgs arguments) {
        if (arguments.isNil(1)) {
            return LuaNumber.box(1);
        }
        try {
            ShellCommand command = ShellCommand.start(arguments.string(1), state.streams(), false);
            command.copyOutput(state.streams().out());
            return LuaNumber.box(command.await());
        } catch (IOException none) {
            return LuaNumber.box(-1);
        }
    }

    private static Object remove(LuaString name) {
        Path path = FileNames.path(name);
        if (path == null) {
            return SystemFault.NO_SUCH_FILE.result(FileNames.shown(name));
        }
        try {
            Files.delete(path);
            return true;
        } catch (IOException exception) {
            return SystemFault.of(exception).result(FileNames.shown(name));
        }
    }

    private static Object rename(LuaString from, LuaString to) {
        Path source = FileNames.path(from);
        Path target = FileNames.path(to);
        if (source == null || target == null) {
            return SystemFault.NO_SUCH_FILE.result(FileNames.shown(from));
        }
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException exception) {
            return SystemFault.of(exception).result(FileNames.shown(from));
        }
    }

    private static Object temporaryName(LuaState state) {
        try {
            return LuaString.of(TemporaryFiles.create().toString());
        } catch (IOException exception) {
            throw state.error("unable to generate a unique filename");
        }
    }

    /** There is one locale, and it is in force. */
    private static @Nullable Object locale(LuaArgs arguments) {
        LuaString wanted = arguments.optString(1, null);
        arguments.option(2, "all", "all", "collate", "ctype", "monetary", "numeric", "time");
        boolean known = wanted == null || wanted.length() == 0 || wanted.is("C") || wanted.is("POSIX");
        return known ? C_LOCALE : null;
    }

    private static @Nullable Object date(LuaState state, LuaArgs arguments) {
        LuaString given = arguments.optString(1, LuaString.of("%c"));
        byte[] format = given == null ? new byte[0] : given.octets();
        long seconds = arguments.isNil(2) ? now() : TextFormatter.toSigned(arguments.number(2));
        boolean utc = format.length > 0 && format[0] == '!';
        BrokenDownTime time = utc ? BrokenDownTime.utc(seconds) : BrokenDownTime.local(seconds, ZoneId.systemDefault());
        if (time == null) {
            return null;
        }
        LuaString shown = FileNames.shown(LuaString.of(format, utc ? 1 : 0, format.length - (utc ? 1 : 0)));
        if (shown.is("*t")) {
            return fields(time);
        }
        try {
            return LuaString.owning(
                    DateText.format(shown.octets(), time, state.limits().maxStringOctets()));
        } catch (OctetBuilder.TooLong tooLong) {
            throw new LuaError("not enough memory");
        }
    }

    private static LuaTable fields(BrokenDownTime time) {
        LocalDateTime local = time.local();
        LuaTable table = new LuaTable(0, 9);
        table.put("sec", LuaNumber.box(local.getSecond()));
        table.put("min", LuaNumber.box(local.getMinute()));
        table.put("hour", LuaNumber.box(local.getHour()));
        table.put("day", LuaNumber.box(local.getDayOfMonth()));
        table.put("month", LuaNumber.box(local.getMonthValue()));
        table.put("year", LuaNumber.box(local.getYear()));
        table.put("wday", LuaNumber.box(local.getDayOfWeek().getValue() % 7 + 1));
        table.put("yday", LuaNumber.box(local.getDayOfYear()));
        table.put("isdst", time.daylightSaving());
        return table;
    }

    /** Seconds since 1970 of a table's fields; null where they cannot be counted. */
    private static @Nullable Double time(LuaState state, LuaTable table) {
        int second = field(state, table, "sec", 0);
        int minute = field(state, table, "min", 0);
        int hour = field(state, table, "hour", 12);
        int day = requiredField(state, table, "day");
        int month = requiredField(state, table, "month");
        int year = requiredField(state, table, "year");
        Object summer = LuaOperators.index(state, table, state.name("isdst"));
        Boolean daylightSaving = summer == null ? null : LuaOperators.isTrue(summer);
        BrokenDownTime.Fields fields = new BrokenDownTime.Fields(year, month, day, hour, minute, second);
        long seconds = BrokenDownTime.epochSeconds(fields, daylightSaving, ZoneId.systemDefault());
        // C's mktime says -1 for an error, and for the last second of 1969 too.
        return seconds == -1 ? null : LuaNumber.box((double) seconds);
    }

    private static int field(LuaState state, LuaTable table, String name, int otherwise) {
        Double value = LuaNumber.coerce(LuaOperators.index(state, table, state.name(name)));
        return value == null ? otherwise : (int) TextFormatter.toSigned(value);
    }

    private static int requiredField(LuaState state, LuaTable table, String name) {
        Double value = LuaNumber.coerce(LuaOperators.index(state, table, state.name(name)));
        if (value == null) {
            throw state.error("field '" + name + "' missing in date table");
        }
        return (int) TextFormatter.toSigned(value);
    }
}
