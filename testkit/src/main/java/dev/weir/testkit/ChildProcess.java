package dev.weir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program started by a test, ended by its process id only.
 *
 * <p>Output goes to files in the working directory, so nothing blocks when nobody reads it. {@link #close} leaves no
 * process behind: SIGTERM, then SIGKILL for it and its children.
 */
public final class ChildProcess implements AutoCloseable {
    /** After SIGTERM; what takes longer is killed. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Process process;
    private final Path stdout;
    private final Path stderr;
    private final String name;

    private ChildProcess(Process process, String name, Path stdout, Path stderr) {
        this.process = process;
        this.name = name;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** What a finished command left. */
    public record Outcome(int status, String stdout, String stderr, Duration took) {
        /** Standard output, then standard error. */
        public String output() {
            return stdout + stderr;
        }
    }

    /** Starts {@code command} in {@code directory} with an empty standard input. */
    public static ChildProcess start(Path directory, List<String> command) {
        return start(directory, command, "");
    }

    private static ChildProcess start(Path directory, List<String> command, String input) {
        try {
            String name = Path.of(command.getFirst()).getFileName().toString();
            Path stdin = Files.createTempFile(directory, name, ".in");
            Files.writeString(stdin, input);
            Path stdout = Files.createTempFile(directory, name, ".out");
            Path stderr = Files.createTempFile(directory, name, ".err");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(stdin.toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            return new ChildProcess(process, name, stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /**
     * Runs {@code command} with {@code input} on its standard input until it ends.
     *
     * @throws AssertionError when it does not end within {@code limit}; it is killed then
     */
    public static Outcome run(Path directory, List<String> command, String input, Duration limit) {
        long startNs = System.nanoTime();
        try (ChildProcess child = start(directory, command, input)) {
            int status = child.awaitExit(limit);
            Duration took = Duration.ofNanos(System.nanoTime() - startNs);
            return new Outcome(status, child.stdout(), child.stderr(), took);
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written to standard output so far. */
    public String stdout() {
        return read(stdout);
    }

    /** What it has written to standard error so far. */
    public String stderr() {
        return read(stderr);
    }

    /** Standard output, then standard error, so far. */
    public String output() {
        return stdout() + stderr();
    }

    /**
     * Waits for its end.
     *
     * @return the exit status as a shell sees it: 128 + signal number when a signal ended it
     * @throws AssertionError when it still runs after {@code limit}
     */
    public int awaitExit(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError(name + " still runs after " + limit.toMillis() + " ms; output:\n" + output());
    }

    /** Sends SIGTERM and waits for the exit status. */
    public int terminate(Duration limit) {
        process.destroy();
        return awaitExit(limit);
    }

    /** Sends SIGINT and waits for the exit status: load generators then print their report. */
    public int interrupt(Duration limit) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(pid())).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return awaitExit(limit);
    }

    /** Sends SIGKILL to it and its children, and waits until the kernel has taken it away. */
    public void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitExit(Await.PATIENCE);
    }

    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        if (!Await.reached(GRACE, () -> !process.isAlive())) {
            kill();
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
