package dev.weir.app.xdp;

import static dev.weir.sys.Capabilities.CAP_BPF;
import static dev.weir.sys.Capabilities.CAP_NET_ADMIN;
import static dev.weir.sys.Capabilities.CAP_PERFMON;

import dev.weir.ebpf.prog.VerifierException;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.gate.NeededRights;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The command {@code weir xdp}. Exits with 0, with 1 on failure, with 2 if it was not understood. */
public final class XdpTool {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int NOT_UNDERSTOOD = 2;
    private static final String GRANT =
            "run it as root, or in a systemd unit with AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON";

    private final Bpf bpf;
    private final KernelFiltering filters;
    private final PrintStream out;
    private final PrintStream err;
    private final Consumer<Runnable> atExit;

    /**
     * @param bpf the way to the kernel
     * @param filters opens the tables for those who write entries
     * @param atExit takes what is to be done when a signal ends the process
     */
    public XdpTool(Bpf bpf, KernelFiltering filters, PrintStream out, PrintStream err, Consumer<Runnable> atExit) {
        this.bpf = bpf;
        this.filters = filters;
        this.out = out;
        this.err = err;
        this.atExit = atExit;
    }

    /**
     * Runs a command.
     *
     * @param arguments what follows {@code xdp} on the command line
     */
    public int run(String... arguments) {
        // Standard output is for results, which programs read.
        LogSink before = Log.sink((level, line) -> err.write(line, 0, line.length));
        try {
            return run(Arrays.asList(arguments));
        } finally {
            Log.sink(before);
        }
    }

    private int run(List<String> all) {
        if (all.isEmpty()) {
            err.print(Command.help());
            return NOT_UNDERSTOOD;
        }
        if (all.getFirst().equals("--help") || all.getFirst().equals("-h")) {
            out.print(Command.help());
            return DONE;
        }
        try {
            Command command = Words.command(all.getFirst());
            Words words = Words.parse(command, all.subList(1, all.size()));
            if (words.has(Option.HELP)) {
                out.print(command.usage());
                return DONE;
            }
            run(command, new Session(bpf, filters, words, out, err, atExit));
            return DONE;
        } catch (NotUnderstoodException e) {
            err.println("weir xdp: " + e.getMessage() + "\nTry 'weir xdp --help'.");
            return NOT_UNDERSTOOD;
        } catch (IOException e) {
            err.println("weir xdp " + all.getFirst() + ": " + explain(e));
            return FAILED;
        }
    }

    private static void run(Command command, Session session) throws IOException, NotUnderstoodException {
        switch (command) {
            case ATTACH -> new Devices(session).attach();
            case DETACH -> new Devices(session).detach();
            case STATUS -> new StatusReport(session).print();
            case TOP -> new Top(session).run();
            case BLOCK -> new Entries(session).block();
            case UNBLOCK -> new Entries(session).unblock();
            case LIMIT -> new Entries(session).limit();
            case UNLIMIT -> new Entries(session).unlimit();
            case LS -> new Entries(session).list();
            case LOAD -> new Load(session).run();
            case SAVE -> new Save(session).run();
            case WATCH -> new Watch(session).run();
        }
    }

    /** One line, with what to do about it. */
    private static String explain(IOException failure) {
        if (failure instanceof VerifierException refused) {
            return failure.getMessage()
                    + (refused.log().contains("!root")
                            ? "; the guard computes with pointers, which takes CAP_PERFMON: " + GRANT
                            : "; this kernel is " + System.getProperty("os.version")
                                    + (NeededRights.isBefore(System.getProperty("os.version"), 5, 18)
                                            ? ", the guard needs 5.18 or newer"
                                            : ", which is new enough: that is a fault of Weir's or of the kernel"));
        }
        String missing = NeededRights.missing(CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON);
        boolean explained = failure instanceof KernelException known && known.reason() == Reason.UNAVAILABLE;
        if (!explained && isLackOfRights(failure)) {
            return failure.getMessage()
                    + (failure instanceof AccessDeniedException ? ": permission denied; " : "; ")
                    + (missing.isEmpty()
                            ? "the capabilities are there, so it is a security module, or whose the pins are"
                            : missing + ": " + GRANT);
        }
        if (failure instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason();
        }
        return String.valueOf(failure.getMessage());
    }

    private static boolean isLackOfRights(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AccessDeniedException
                    || cause instanceof SyscallException e && (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES)) {
                return true;
            }
        }
        return false;
    }
}
