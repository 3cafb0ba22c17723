/** The only module that knows Lua: dnsdist.conf as it is, and rules, actions and policies written in it. */
@NullMarked
package dev.weir.script;

import org.jspecify.annotations.NullMarked;
