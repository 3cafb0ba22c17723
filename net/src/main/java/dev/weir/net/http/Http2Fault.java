package dev.weir.net.http;

import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Error;

/** A client has not kept to HTTP/2, or has gone too far with it: its connection ends (RFC 9113 section 5.4.1). */
final class Http2Fault extends CodecException {
    private static final long serialVersionUID = 1;

    Http2Fault(Http2Error error) {
        super(error.name());
    }

    /** Nobody looks where it was found. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
