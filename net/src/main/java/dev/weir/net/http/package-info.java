/** HTTP as DNS needs it: requests and replies of both versions, their limits, and DNS in them (RFC 8484). */
@NullMarked
package dev.weir.net.http;

import org.jspecify.annotations.NullMarked;
