package dev.weir.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.EventFd;
import dev.weir.sys.SyscallException;
import dev.weir.testkit.KernelSandbox;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Maps that are closed while others use them, or before. */
class MapClosingTest {
    /** Whoever closes the map under a call: the call is on the map still, and its number no other file's until the call is over. */
    @Test
    void aDescriptorIsNotUsedAgainUnderARunningCall() throws Exception {
        KernelSandbox.run(sandbox -> {
            List<Integer> next = new ArrayList<>();
            List<BpfMap> under = new ArrayList<>();
            Bpf bpf = new Bpf((command, attr) -> {
                if (command == BpfCommand.BPF_MAP_LOOKUP_ELEM) {
                    under.getFirst().close();
                    try (EventFd other = new EventFd()) {
                        next.add(other.fd().number());
                    } catch (SyscallException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return BpfCall.KERNEL.bpf(command, attr);
            });
            BpfMap map = BpfMap.create(bpf, new MapSpec("closing", MapType.ARRAY, 4, 4, 1), null);
            under.add(map);
            int number = map.fd().number();
            try (MapSlot slot = map.slot()) {
                assertThat(slot.lookup()).as("the map is still there").isZero();
                assertThat(next).hasSize(1).doesNotContain(number);
                assertThat(map.fd().isOpen()).isFalse();
                assertThat(slot.lookup()).isEqualTo(-Errno.EBADF);
            }
            assertThat(next).as("the call did not get through").hasSize(1);
        });
    }

    @Test
    void typedCallsAfterCloseSayThatTheMapIsClosed() throws Exception {
        KernelSandbox.run(sandbox -> {
            BpfMap map = BpfMap.create(new MapSpec("gone", MapType.HASH, 4, 4, 10));
            TypedMap<Integer, Integer> typed = map.typed(Codec.U32, Codec.U32);
            typed.put(1, 1);
            map.close();
            List<ThrowingCallable> calls = List.of(
                    () -> typed.lookup(1),
                    () -> typed.put(1, 1),
                    () -> typed.delete(1),
                    () -> typed.lookupAndDelete(1),
                    () -> typed.putAll(Map.of(1, 1)),
                    () -> typed.deleteAll(List.of(1)),
                    typed::entries,
                    typed::clear,
                    map::info,
                    map::freeze,
                    () -> map.mmap(true),
                    () -> map.pin(sandbox.bpffs().resolve("gone")));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call).isInstanceOfSatisfying(SyscallException.class, e -> assertThat(e.errno())
                        .isEqualTo(Errno.EBADF));
            }
            assertThatThrownBy(() -> typed.put(1, 1)).hasMessage("the map gone: EBADF: it is closed");
            map.close();
        });
    }
}
