package dev.serai.cli;

import dev.serai.wire.Secrets;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.DefaultLogEventFactory;
import org.apache.logging.log4j.core.impl.LocationAwareLogEventFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.impl.LogEventFactory;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.apache.logging.log4j.util.StringMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the log's events, of every logger and for every appender and layout, this service's and its libraries': without
 * secrets in messages, exceptions and context, and without characters that steer a terminal. Named in {@code
 * log4j2.component.properties}. Costs some microseconds for each event that is logged, nothing for those that are not.
 * Stateless and thread-safe.
 */
public final class GuardedLogEvents implements LogEventFactory, LocationAwareLogEventFactory {
    private final DefaultLogEventFactory events = DefaultLogEventFactory.getInstance();

    @Override
    public LogEvent createEvent(
            String loggerName,
            @Nullable Marker marker,
            String fqcn,
            Level level,
            @Nullable Message data,
            @Nullable List<Property> properties,
            @Nullable Throwable thrown) {
        return createEvent(loggerName, marker, fqcn, null, level, data, properties, thrown);
    }

    @Override
    public LogEvent createEvent(
            String loggerName,
            @Nullable Marker marker,
            String fqcn,
            @Nullable StackTraceElement location,
            Level level,
            @Nullable Message data,
            @Nullable List<Property> properties,
            @Nullable Throwable thrown) {
        Message message = data == null ? null : guarded(data);
        LogEvent event = events.createEvent(
                loggerName, marker, fqcn, location, level, message, properties, GuardedThrowable.of(thrown));
        StringMap context = guarded(event);
        return context == null
                ? event
                : new Log4jLogEvent.Builder(event).setContextData(context).build();
    }

    private static Message guarded(Message message) {
        String text = message.getFormattedMessage();
        return new SimpleMessage(Printable.withBreaks(Secrets.inLog(text)));
    }

    /** What is to stand in place of the event's context; null if that can stay. */
    private static @Nullable StringMap guarded(LogEvent event) {
        StringMap guarded = new SortedArrayStringMap();
        boolean[] changed = {false};
        event.getContextData().forEach((name, value) -> {
            String text = String.valueOf(value);
            String printable = Printable.withBreaks(Secrets.inLog(text));
            changed[0] |= !printable.equals(text);
            guarded.putValue(name, printable);
        });
        return changed[0] ? guarded : null;
    }
}
