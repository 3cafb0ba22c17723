/** Reads untrusted bytes without exceptions or reads past the end: a value or a {@link dev.weir.ebpf.parse.Fault}. */
@NullMarked
package dev.weir.ebpf.parse;

import org.jspecify.annotations.NullMarked;
