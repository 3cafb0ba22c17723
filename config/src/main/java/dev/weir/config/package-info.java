/** What the configuration may say: the vocabulary ledger and the specs built from it. */
@NullMarked
package dev.weir.config;

import org.jspecify.annotations.NullMarked;
