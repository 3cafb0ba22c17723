/**
 * Protocol Buffers on the wire, as far as they are composed here: {@link dev.weir.engine.protobuf.ProtobufMessage} takes fields by number, in the
 * order in which they are to stand. There is no schema and no generated code; who writes a message names its fields. Knows no DNS.
 */
@NullMarked
package dev.weir.engine.protobuf;

import org.jspecify.annotations.NullMarked;
