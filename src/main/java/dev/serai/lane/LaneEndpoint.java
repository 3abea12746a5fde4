package dev.serai.lane;

import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * {@code lane:NAME}. Options: {@code keyProperty} where the lane is sent to, {@code capacity} where it is consumed.
 */
public final class LaneEndpoint extends DefaultEndpoint {

    /** The exchange property that holds the key, unless {@code keyProperty} names another. */
    public static final String KEY_PROPERTY = "laneKey";

    /**
     * The exchange property that says how an exchange stands among those of other keys, a {@link Standing}. Without it an
     * exchange is in no hurry.
     */
    public static final String STANDING_PROPERTY = "laneStanding";

    private static final int DEFAULT_CAPACITY = 1_000;

    private final LaneComponent component;
    private final String lane;
    private String keyProperty = KEY_PROPERTY;
    private volatile boolean stopped;
    private int capacity = DEFAULT_CAPACITY;

    LaneEndpoint(String uri, LaneComponent component, String lane) {
        super(uri, component);
        this.component = component;
        this.lane = lane;
    }

    @Override
    public Producer createProducer() {
        return new LaneProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        LaneConsumer consumer = new LaneConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /**
     * Whether the exchange runs in a lane that was stopped before its exchanges had ended: what runs in it was
     * interrupted. From any thread.
     */
    public static boolean isStopped(Exchange exchange) {
        return exchange.getFromEndpoint() instanceof LaneEndpoint lane && lane.stopped;
    }

    void stopped(boolean now) {
        stopped = now;
    }

    public String getLane() {
        return lane;
    }

    public String getKeyProperty() {
        return keyProperty;
    }

    /**
     * The exchange property that holds the key: any object with {@code equals}, or {@code byte[]}, which is compared by
     * content. An exchange without that property is in order with no other.
     */
    public void setKeyProperty(String keyProperty) {
        if (keyProperty.isBlank()) {
            throw new IllegalArgumentException("keyProperty of lane:" + lane + " must name an exchange property");
        }
        this.keyProperty = keyProperty;
    }

    public int getCapacity() {
        return capacity;
    }

    /**
     * How many exchanges run at once. What is sent beyond it waits, and is not refused: the source of the exchanges bounds
     * how many there are.
     */
    public void setCapacity(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity of lane:" + lane + " must be at least 1, was " + capacity);
        }
        this.capacity = capacity;
    }

    @Override
    public LaneComponent getComponent() {
        return component;
    }
}
