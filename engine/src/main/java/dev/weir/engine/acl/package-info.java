/** Addresses, netmasks and the sets of them that decide who may ask. */
@NullMarked
package dev.weir.engine.acl;

import org.jspecify.annotations.NullMarked;
