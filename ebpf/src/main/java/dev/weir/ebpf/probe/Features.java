package dev.weir.ebpf.probe;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.ebpf.prog.SectionName;
import dev.weir.ebpf.prog.VerifierException;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.PageSize;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the kernel can do, tried out: a map or program is made and closed at once. Answers are remembered for the life of this object. Any
 * thread may call.
 *
 * <p>A failure for lack of rights says nothing of the kernel, so it is an exception and not remembered.
 */
public final class Features {
    private static final int BPF_CALL = 0x85;
    private static final int BPF_EXIT = 0x95;
    private static final int MOV_R0_0 = 0xb7;

    private final Bpf bpf;
    private final Map<Object, Boolean> known = new ConcurrentHashMap<>();

    public Features(Bpf bpf) {
        this.bpf = bpf;
    }

    /** What is tried for one feature. */
    @FunctionalInterface
    private interface Trial {
        boolean succeeds() throws IOException;
    }

    private record HelperOf(ProgramType type, int number) {}

    /** Returns whether maps of a type can be made. */
    public boolean has(MapType type) throws IOException {
        return remembered(type, () -> {
            try (BpfMap map = BpfMap.create(bpf, smallest(type), null)) {
                return map.fd().isOpen();
            }
        });
    }

    /** Returns whether programs of a type can be loaded. */
    public boolean has(ProgramType type) throws IOException {
        return remembered(type, () -> {
            try (Program program = load(type, returnZero())) {
                return program.fd().isOpen();
            } catch (VerifierException e) {
                // It got as far as the verifier, so the type is known: some types want more than "return 0".
                return true;
            }
        });
    }

    /** Returns whether programs of a type may call a helper. */
    public boolean has(ProgramType type, Helper helper) throws IOException {
        return remembered(new HelperOf(type, helper.number()), () -> {
            try (Program program = load(type, call(helper.number()))) {
                return program.fd().isOpen();
            } catch (VerifierException e) {
                // A known helper is refused for its arguments, an unknown one by its number.
                return !e.log().contains("invalid func ")
                        && !e.log().contains("unknown func ")
                        && !e.log().contains("program of this type cannot use helper")
                        && !e.log().contains("cannot call");
            }
        });
    }

    /** Goes on only with maps of a type. @throws UnsupportedFeatureException with the minimum kernel */
    public void require(MapType type) throws IOException {
        if (!has(type)) {
            throw new UnsupportedFeatureException("a " + type + " map", type.minimumKernel(), runningKernel());
        }
    }

    /** Goes on only with programs of a type. @throws UnsupportedFeatureException with the minimum kernel */
    public void require(ProgramType type) throws IOException {
        if (!has(type)) {
            throw new UnsupportedFeatureException("a program of type " + type, type.minimumKernel(), runningKernel());
        }
    }

    /** Goes on only with a helper. @throws UnsupportedFeatureException with the minimum kernel */
    public void require(ProgramType type, Helper helper) throws IOException {
        if (!has(type, helper)) {
            throw new UnsupportedFeatureException(
                    "the helper " + helper + " in " + type + " programs", helper.minimumKernel(), runningKernel());
        }
    }

    /** Returns the running kernel's version, as in {@code 6.1.0-18-amd64}. */
    public static String runningKernel() {
        return System.getProperty("os.version", "unknown");
    }

    private boolean remembered(Object feature, Trial trial) throws IOException {
        Boolean answer = known.get(feature);
        if (answer == null) {
            answer = attempt(trial);
            known.put(feature, answer);
        }
        return answer;
    }

    private static boolean attempt(Trial trial) throws IOException {
        try {
            return trial.succeeds();
        } catch (SyscallException e) {
            return switch (e.errno()) {
                // What kernels answer to types that they do not know or were built without; the rest is other trouble.
                case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOTSUPP, Errno.E2BIG -> false;
                case Errno.ENOSYS -> false;
                default -> throw e;
            };
        }
    }

    private Program load(ProgramType type, byte[] instructions) throws IOException {
        int attachType =
                switch (type) {
                    case CGROUP_SOCK_ADDR -> 8;
                    case CGROUP_SOCKOPT -> 21;
                    case SK_LOOKUP -> 36;
                    case SK_REUSEPORT -> 39;
                    case NETFILTER -> 45;
                    case XDP -> SectionName.ATTACH_XDP;
                    default -> 0;
                };
        return Program.load(
                bpf, new ProgramSpec("probe", type, "GPL", instructions).withType(type, attachType), Map.of(), null);
    }

    private static byte[] returnZero() {
        return new byte[] {(byte) MOV_R0_0, 0, 0, 0, 0, 0, 0, 0, (byte) BPF_EXIT, 0, 0, 0, 0, 0, 0, 0};
    }

    private static byte[] call(int helper) {
        return new byte[] {
            (byte) BPF_CALL, 0, 0, 0, (byte) helper, (byte) (helper >> 8), 0, 0, //
            (byte) MOV_R0_0, 0, 0, 0, 0, 0, 0, 0, //
            (byte) BPF_EXIT, 0, 0, 0, 0, 0, 0, 0
        };
    }

    /** Returns the plainest map of a type that a kernel accepts. */
    private static MapSpec smallest(MapType type) {
        String name = "probe";
        MapSpec plain = new MapSpec(name, type, 4, 4, 1);
        return switch (type) {
            case RINGBUF, USER_RINGBUF -> new MapSpec(name, type, 0, 0, PageSize.bytes());
            case QUEUE, STACK, BLOOM_FILTER -> new MapSpec(name, type, 0, 4, 1);
            case LPM_TRIE -> new MapSpec(name, type, 8, 4, 1).withFlags(MapSpec.NO_PREALLOC);
            case STACK_TRACE -> new MapSpec(name, type, 4, 8, 1);
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> plain.withInner(new MapSpec(name, MapType.HASH, 4, 4, 1));
            case CGROUP_STORAGE, PERCPU_CGROUP_STORAGE -> new MapSpec(name, type, 16, 4, 0);
            case REUSEPORT_SOCKARRAY -> new MapSpec(name, type, 4, 8, 1);
            case ARENA -> new MapSpec(name, type, 0, 0, 1).withFlags(MapSpec.MMAPABLE);
            default -> plain;
        };
    }

    /** Returns a probe that remembers for all users of the running kernel. */
    public static Features ofKernel() {
        return Shared.KERNEL;
    }

    private static final class Shared {
        static final Features KERNEL = new Features(Bpf.kernel());
    }
}
