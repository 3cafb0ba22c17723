/** Fakes, packet builder, network namespaces and leak checks for the tests of every room; never shipped. */
@NullMarked
package dev.weir.testkit;

import org.jspecify.annotations.NullMarked;
