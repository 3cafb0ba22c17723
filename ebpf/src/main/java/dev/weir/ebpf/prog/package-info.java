/** Programs: {@link dev.weir.ebpf.prog.ProgramSpec} becomes {@link dev.weir.ebpf.prog.Program}, or a verifier's complaint in one line. */
@NullMarked
package dev.weir.ebpf.prog;

import org.jspecify.annotations.NullMarked;
