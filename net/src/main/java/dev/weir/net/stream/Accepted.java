package dev.weir.net.stream;

import io.netty.channel.ChannelHandler;

/** A client's connection, as far as whoever accepts it is concerned. */
interface Accepted extends ChannelHandler, OuterProxyHeader.HeaderReader {
    /** Whether a PROXY header comes before anything else. */
    boolean expectsHeader();

    /** The connection is over: gives back what it held. */
    void closed();
}
