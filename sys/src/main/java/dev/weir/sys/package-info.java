/**
 * Linux through the FFM API: the only module that needs native access.
 *
 * <p>Every system call goes through one method handle on libc's {@code syscall(2)} ({@link dev.weir.sys.Syscall}), because each further
 * downcall shape costs milliseconds at start-up. Results are the value or {@code -errno}; what happens once, at start-up, throws
 * {@link dev.weir.sys.SyscallException} instead, what happens per packet never throws and never allocates.
 *
 * <p>Addresses travel as primitives: family (4 or 6), the address as two longs in network order ({@code hi}, {@code lo}; an IPv4 address
 * is the low 32 bits of {@code lo}, with {@code hi} 0), port, and scope id. {@link dev.weir.sys.InetEndpoint} is the same as an object, for
 * the control plane.
 *
 * <p>Memory that the kernel sees comes from confined, shared or global arenas, never from {@code Arena.ofAuto}: the kernel's use of an
 * address keeps nothing reachable.
 */
@NullMarked
package dev.weir.sys;

import org.jspecify.annotations.NullMarked;
