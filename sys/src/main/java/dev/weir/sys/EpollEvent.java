package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * A readiness report, 12 bytes on x86_64, where it is packed, and 16 elsewhere.
 *
 * <pre>{@code
 * struct epoll_event {
 *     uint32_t     events;  // 0
 *     epoll_data_t data;    // 4 on x86_64, 8 elsewhere; u64, given back as it was set
 * } EPOLL_PACKED;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/epoll_event.3type.html">epoll_event(3type)</a>
 */
final class EpollEvent {
    static final StructLayout LAYOUT = SyscallNumber.X86_64
            ? MemoryLayout.structLayout(Struct.U32.withName("events"), Struct.U64.withName("data"))
            : MemoryLayout.structLayout(
                    Struct.U32.withName("events"), MemoryLayout.paddingLayout(4), Struct.U64.withName("data"));

    static final long EVENTS = LAYOUT.byteOffset(groupElement("events"));
    static final long DATA = LAYOUT.byteOffset(groupElement("data"));
    static final long BYTES = LAYOUT.byteSize();

    private EpollEvent() {}
}
