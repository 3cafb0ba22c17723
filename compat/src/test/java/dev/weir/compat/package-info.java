/**
 * Black-box behaviour: what clients, backends and operators see of the running program, against real servers. Each
 * test also holds for Debian's dnsdist ({@code -Dweir.subject=dnsdist}) unless marked newer.
 */
@NullMarked
package dev.weir.compat;

import org.jspecify.annotations.NullMarked;
