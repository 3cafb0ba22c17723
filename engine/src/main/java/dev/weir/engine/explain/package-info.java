/**
 * Why a query would be answered, dropped or sent where it goes: the walk, told without being gone. Any thread, off the hot path.
 */
@NullMarked
package dev.weir.engine.explain;

import org.jspecify.annotations.NullMarked;
