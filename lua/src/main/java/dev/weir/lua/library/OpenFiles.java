package dev.weir.lua.library;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of one world: the standard ones, the default ones, and all that are open.
 *
 * <p>A file that no script can reach any more is closed some time later, by a thread that does only that.
 */
final class OpenFiles {
    private final LuaState state;
    private final LuaTable metatable;
    private final Set<BufferedFile> open = ConcurrentHashMap.newKeySet();
    private final LuaFile standardIn;
    private final LuaFile standardOut;
    private final LuaFile standardError;

    private @Nullable Cleaner cleaner;
    private LuaFile input;
    private LuaFile output;

    OpenFiles(LuaState state) {
        this.state = state;
        metatable = FileMethods.metatable(state);
        standardIn = standard(PipeEnds.own(new FlushingInput(state.streams()), null));
        standardOut = standard(PipeEnds.own(null, state.streams().out()));
        standardError = standard(PipeEnds.own(null, state.streams().err()));
        standardError.file().buffering(BufferedFile.Buffering.NO);
        input = standardIn;
        output = standardOut;
    }

    private LuaFile standard(OctetStream stream) {
        return new LuaFile(new BufferedFile(stream, true), metatable);
    }

    LuaFile standardIn() {
        return standardIn;
    }

    LuaFile standardOut() {
        return standardOut;
    }

    LuaFile standardError() {
        return standardError;
    }

    /** The default input, which must be open. */
    BufferedFile input() {
        return usable(input);
    }

    /** The default output, which must be open. */
    BufferedFile output() {
        return usable(output);
    }

    private BufferedFile usable(LuaFile file) {
        if (file.file().isClosed()) {
            throw state.error("standard file is closed");
        }
        return file.file();
    }

    /** {@code io.input}: the default input, after it was changed if there is an argument. */
    LuaFile input(LuaArgs arguments) {
        if (!arguments.isNil(1)) {
            input = given(arguments, "r");
        }
        return input;
    }

    /** {@code io.output}: the default output, after it was changed if there is an argument. */
    LuaFile output(LuaArgs arguments) {
        if (!arguments.isNil(1)) {
            output = given(arguments, "w");
        }
        return output;
    }

    private LuaFile given(LuaArgs arguments, String mode) {
        return arguments.get(1) instanceof LuaFile file ? file : named(arguments, mode);
    }

    /** The file that the first argument names; a failure is that argument's error. */
    private LuaFile named(LuaArgs arguments, String mode) {
        LuaString name = arguments.string(1);
        try {
            return opened(name, mode);
        } catch (IOException exception) {
            LuaString text = SystemFault.of(exception).named(FileNames.shown(name));
            throw arguments.argumentError(1, text.toString());
        }
    }

    private LuaFile opened(LuaString name, String mode) throws IOException {
        Path path = FileNames.path(name);
        if (path == null) {
            throw new SystemFault.Raised(SystemFault.NO_SUCH_FILE);
        }
        return track(DiskFile.open(path, mode));
    }

    /** {@code io.open}. */
    Object open(LuaArgs arguments) {
        LuaString name = arguments.string(1);
        LuaString given = arguments.optString(2, null);
        String mode = given == null ? "r" : given.toString();
        if (!DiskFile.isMode(mode)) {
            return SystemFault.INVALID.result(FileNames.shown(name));
        }
        try {
            return opened(name, mode);
        } catch (IOException exception) {
            return SystemFault.of(exception).result(FileNames.shown(name));
        }
    }

    /** {@code io.popen}. */
    Object openCommand(LuaArgs arguments) {
        LuaString command = arguments.string(1);
        LuaString given = arguments.optString(2, null);
        String mode = given == null ? "r" : given.toString();
        boolean reads = mode.equals("r");
        if (!reads && !mode.equals("w")) {
            return SystemFault.INVALID.result(command);
        }
        try {
            ShellCommand started = ShellCommand.start(command, state.streams(), !reads);
            return track(reads ? PipeEnds.from(started) : PipeEnds.to(started));
        } catch (IOException exception) {
            return SystemFault.of(exception).result(command);
        }
    }

    /** {@code io.tmpfile}: a file without a name. */
    Object temporary() {
        try {
            Path path = TemporaryFiles.create();
            DiskFile file = DiskFile.open(path, "w+");
            Files.delete(path);
            return track(file);
        } catch (IOException exception) {
            return SystemFault.of(exception).result();
        }
    }

    /** {@code io.lines}: of a file that is opened now and closed at its end, or of the default input. */
    Object lines(LuaArgs arguments) {
        boolean byName = !arguments.isNil(1);
        BufferedFile file = byName ? named(arguments, "r").file() : input();
        return state.function("lines_iter", new LineIterator(file, arguments.from(2), byName));
    }

    private LuaFile track(OctetStream stream) {
        BufferedFile file = new BufferedFile(stream, false);
        LuaFile shown = new LuaFile(file, metatable);
        open.removeIf(BufferedFile::isClosed);
        open.add(file);
        if (cleaner == null) {
            cleaner = Cleaner.create();
        }
        cleaner.register(shown, () -> abandon(file));
        return shown;
    }

    private void abandon(BufferedFile file) {
        open.remove(file);
        if (!file.isClosed()) {
            FileMethods.close(file);
        }
    }

    /** Writes out what is still held back. */
    void flushAll() {
        FileMethods.flush(standardOut.file());
        for (BufferedFile file : open) {
            if (!file.isClosed()) {
                FileMethods.flush(file);
            }
        }
    }
}
