/** DNSCrypt: opens queries that are encrypted each by itself, encrypts their answers, and makes keys and certificates. */
@NullMarked
package dev.weir.net.dnscrypt;

import org.jspecify.annotations.NullMarked;
