package dev.weir.lua.library;

import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A command that {@code /bin/sh} runs. What it writes and the script does not read goes to the world's own streams; it reads nothing but
 * what the script writes to it, unless the script itself reads the process's standard input.
 */
final class ShellCommand {
    private final Process process;
    private final Thread errors;
    private @Nullable Thread output;

    private ShellCommand(Process process, Thread errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Starts a command; {@code writes} says whether the script is to write to it. */
    static ShellCommand start(LuaString command, LuaStreams streams, boolean writes) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", FileNames.toJava(command));
        if (!writes) {
            builder.redirectInput(
                    isProcessInput(streams.in())
                            ? ProcessBuilder.Redirect.INHERIT
                            : ProcessBuilder.Redirect.from(FileNames.NOTHING));
        }
        streams.out().flush();
        Process process = builder.start();
        Thread errors = Thread.ofVirtual().start(() -> copy(process.getErrorStream(), streams.err()));
        ShellCommand started = new ShellCommand(process, errors);
        if (writes) {
            started.output = Thread.ofVirtual().start(() -> started.copyOutput(streams.out()));
        }
        return started;
    }

    private static boolean isProcessInput(InputStream in) throws IOException {
        return in == System.in || in instanceof FileInputStream file && file.getFD() == FileDescriptor.in;
    }

    /** What the command writes. */
    InputStream output() {
        return process.getInputStream();
    }

    /** What it reads. */
    OutputStream input() {
        return process.getOutputStream();
    }

    /** Copies all that the command writes, until it closes its output. */
    void copyOutput(OutputStream target) {
        copy(process.getInputStream(), target);
    }

    /** Waits for the end; returns the status as wait(2) has it: the exit status in the second octet. */
    int await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    int status = process.waitFor();
                    errors.join();
                    if (output != null) {
                        output.join();
                    }
                    return status << 8;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void copy(InputStream source, OutputStream target) {
        try (source) {
            source.transferTo(target);
            target.flush();
        } catch (IOException closed) {
            // The command goes on; nobody looks at what it writes any more.
        }
    }
}
