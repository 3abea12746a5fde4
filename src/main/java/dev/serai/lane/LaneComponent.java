package dev.serai.lane;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The {@code lane:NAME} component: {@code to: lane:NAME} hands an exchange over to the queue of its key and returns at
 * once, {@code from: lane:NAME} runs the exchanges of a key in order and one at a time, different keys side by side.
 * See {@link LaneEndpoint} for the options.
 *
 * <p>A lane lives as long as its consumer, and is found by its name within one CamelContext. Its consumer has to be
 * started before the routes that send to it (give them a later {@code startupOrder}; Camel then also stops them first).
 */
public final class LaneComponent extends DefaultComponent {

    private final ConcurrentMap<String, LaneConsumer> consumers = new ConcurrentHashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("a lane needs a name: lane:NAME");
        }
        LaneEndpoint endpoint = new LaneEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** What a lane holds; one without a running consumer holds nothing. */
    public LaneLoad load(String lane) {
        LaneConsumer consumer = consumers.get(lane);
        return consumer == null ? LaneLoad.CLOSED : consumer.load();
    }

    /**
     * The standing of exchanges of that key has changed: they are over, in whichever lane they are. Those that wait for their
     * turn only because of others' have it now.
     */
    public void reconsider(Object key) {
        consumers.values().forEach(consumer -> consumer.reconsider(key));
    }

    LaneConsumer consumerOf(String lane) {
        LaneConsumer consumer = consumers.get(lane);
        if (consumer == null) {
            throw new RejectedExecutionException("lane:" + lane + " has no consumer: a route from lane:" + lane
                    + " has to be running before anything is sent to it (see startupOrder)");
        }
        return consumer;
    }

    void opened(String lane, LaneConsumer consumer) {
        LaneConsumer other = consumers.putIfAbsent(lane, consumer);
        if (other != null && other != consumer) {
            throw new IllegalStateException("lane:" + lane + " has a consumer already, in route " + other.getRouteId()
                    + "; a second one, in route " + consumer.getRouteId() + ", would break its order");
        }
    }

    void closed(String lane, LaneConsumer consumer) {
        consumers.remove(lane, consumer);
    }
}
