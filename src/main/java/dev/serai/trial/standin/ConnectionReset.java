package dev.serai.trial.standin;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends a connection by a TCP reset (RST) in place of the orderly end that {@link HttpConnection#close()} makes: with
 * {@code SO_LINGER} 0 the kernel drops what is unsent and resets. Vert.x has the option for a whole server only, where it
 * would spoil normal answers too; hence the step down to the channel.
 */
final class ConnectionReset {

    private ConnectionReset() {}

    static void reset(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            try {
                base.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            } catch (ChannelException e) {
                // The caller has closed it: there is nothing left to reset.
                return;
            }
        }
        connection.close();
    }
}
