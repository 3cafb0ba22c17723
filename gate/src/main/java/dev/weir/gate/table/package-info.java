/** Keys and values of the tables that packets are compared with, as {@code bpf/include/tables.h} lays them out. */
@NullMarked
package dev.weir.gate.table;

import org.jspecify.annotations.NullMarked;
