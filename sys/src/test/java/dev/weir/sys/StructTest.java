package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The layouts against the sizes and offsets that the C declarations have on 64-bit Linux. */
class StructTest {
    @Test
    void sizesAreThoseOfC() {
        assertThat(SockaddrIn.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(SockaddrIn6.LAYOUT.byteSize()).isEqualTo(28);
        assertThat(Iovec.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(Msghdr.LAYOUT.byteSize()).isEqualTo(56);
        assertThat(Mmsghdr.LAYOUT.byteSize()).isEqualTo(64);
        assertThat(Cmsghdr.LAYOUT.byteSize()).isEqualTo(16);
        assertThat(PacketInfo.IN_PKTINFO.byteSize()).isEqualTo(12);
        assertThat(PacketInfo.IN6_PKTINFO.byteSize()).isEqualTo(20);
        assertThat(WritableWait.POLLFD.byteSize()).isEqualTo(8);
        assertThat(Capabilities.DATA.byteSize()).isEqualTo(12);
        assertThat(OpenFileLimit.RLIMIT64.byteSize()).isEqualTo(16);
        assertThat(WritableWait.TIMESPEC.byteSize()).isEqualTo(16);
        assertThat(EpollEvent.LAYOUT.byteSize()).isEqualTo(SyscallNumber.X86_64 ? 12 : 16);
    }

    @Test
    void offsetsAreThoseOfC() {
        assertThat(new long[] {SockaddrIn.PORT, SockaddrIn.ADDR, SockaddrIn.ZERO})
                .containsExactly(2, 4, 8);
        assertThat(new long[] {SockaddrIn6.PORT, SockaddrIn6.ADDR_HI, SockaddrIn6.ADDR_LO, SockaddrIn6.SCOPE_ID})
                .containsExactly(2, 8, 16, 24);
        assertThat(new long[] {
                    Msghdr.NAMELEN, Msghdr.IOV, Msghdr.IOVLEN, Msghdr.CONTROL, Msghdr.CONTROLLEN, Msghdr.FLAGS
                })
                .containsExactly(8, 16, 24, 32, 40, 48);
        assertThat(Mmsghdr.LEN).isEqualTo(56);
        assertThat(EpollEvent.DATA).isEqualTo(SyscallNumber.X86_64 ? 4 : 8);
        assertThat(PacketInfo.CONTROL_BYTES).as("CMSG_SPACE(20)").isEqualTo(40);
    }
}
