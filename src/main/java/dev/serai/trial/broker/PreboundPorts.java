package dev.serai.trial.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The node's two listening sockets, bound before Kafka starts: its settings must name the controller's port, and a port
 * that was looked up, released and bound again later could be taken by then. Listeners beside those two, which settings
 * may add, are bound by Kafka as it does by itself.
 */
final class PreboundPorts implements ServerSocketFactory, AutoCloseable {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int BACKLOG = 50;

    private final AtomicReference<ServerSocketChannel> broker = new AtomicReference<>();
    private final AtomicReference<ServerSocketChannel> controller = new AtomicReference<>();
    private final InetSocketAddress brokerAddress;
    private final InetSocketAddress controllerAddress;

    /** Binds {@code port} (0: any free one) for the broker, and any free port for the controller, on loopback. */
    PreboundPorts(int port) {
        try {
            brokerAddress = bind(broker, port);
            controllerAddress = bind(controller, 0);
        } catch (BindException e) {
            close();
            throw new EmbeddedBrokerException(
                    "port " + port + " on " + KafkaNodeSettings.LOOPBACK
                            + " is in use: stop what uses it, or name another with SERAI_EMBEDDED_PORT"
                            + " (0 takes any free port); if it is the embedded broker of another serai, work on that one"
                            + " with KAFKA_BOOTSTRAP_SERVERS=" + KafkaNodeSettings.LOOPBACK + ":" + port,
                    e);
        } catch (IOException e) {
            close();
            throw new EmbeddedBrokerException(
                    "port " + port + " on " + KafkaNodeSettings.LOOPBACK + " cannot be used: " + e.getMessage()
                            + "; name another with SERAI_EMBEDDED_PORT (0 takes any free port)",
                    e);
        }
    }

    private static InetSocketAddress bind(AtomicReference<ServerSocketChannel> slot, int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        slot.set(channel);
        channel.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
        channel.configureBlocking(false);
        return (InetSocketAddress) channel.getLocalAddress();
    }

    int brokerPort() {
        return brokerAddress.getPort();
    }

    InetSocketAddress controllerAddress() {
        return controllerAddress;
    }

    /** Hands a socket over to Kafka, which closes it from then on: the controller's by its name, the broker's by its port. */
    @Override
    public ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int receiveBufferBytes) throws IOException {
        if (listener.equals(KafkaNodeSettings.CONTROLLER_LISTENER)) {
            return handedOver(controller, listener);
        }
        if (address.getPort() == brokerAddress.getPort()) {
            return handedOver(broker, listener);
        }
        return ServerSocketFactory.INSTANCE.openServerSocket(listener, address, backlog, receiveBufferBytes);
    }

    private static ServerSocketChannel handedOver(AtomicReference<ServerSocketChannel> slot, String listener)
            throws SocketException {
        ServerSocketChannel channel = slot.getAndSet(null);
        if (channel == null) {
            throw new SocketException("the socket of listener " + listener + " was handed over before");
        }
        return channel;
    }

    /** Closes what was not handed over. */
    @Override
    public void close() {
        closeIfHeld(broker);
        closeIfHeld(controller);
    }

    private static void closeIfHeld(AtomicReference<ServerSocketChannel> slot) {
        ServerSocketChannel channel = slot.getAndSet(null);
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new EmbeddedBrokerException("a listening socket could not be closed: " + e.getMessage(), e);
            }
        }
    }
}
