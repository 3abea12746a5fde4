package dev.serai.testing;

import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.jspecify.annotations.Nullable;

/**
 * What a class, a thread or all log, as {@code LEVEL message}, from the creation of this to its closing. Other tests may
 * run at the same time (see {@link BesideOthers}): that a line is missing, or how many there are, can be said only of one
 * thread, or of lines that name what is the test's own. Who sets the log up anew ends all of these, and is therefore
 * {@link org.junit.jupiter.api.parallel.Isolated}. Thread-safe.
 */
public final class LogLines implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final StringWriter lines = new StringWriter();
    private final Logger logger;
    private final WriterAppender appender;

    public LogLines(Class<?> logging) {
        this(LoggerContext.getContext(false).getLogger(logging.getName()), null, "%p %m%n");
    }

    /** With the log fields of each line before its message: {@code LEVEL {event_id=e1} message}. */
    public static LogLines withFields(Class<?> logging) {
        return new LogLines(LoggerContext.getContext(false).getLogger(logging.getName()), null, "%p %X %m%n");
    }

    /** Of all classes, as far as the log's levels let it through. */
    public static LogLines ofAll() {
        return new LogLines(LoggerContext.getContext(false).getRootLogger(), null, "%p %m%n");
    }

    /** Of all classes, as far as they log on this thread and the log's levels let it through. */
    public static LogLines of(Thread thread) {
        return new LogLines(
                LoggerContext.getContext(false).getRootLogger(), new OnThread(thread.threadId()), "%p %m%n");
    }

    private LogLines(Logger logger, @Nullable Filter filter, String pattern) {
        this.logger = logger;
        // Of those of one name a logger has one.
        String name = "log-lines-" + NUMBERS.incrementAndGet();
        appender = WriterAppender.createAppender(
                PatternLayout.newBuilder().withPattern(pattern).build(), filter, lines, name, false, false);
        appender.start();
        logger.addAppender(appender);
    }

    /** Those that hold the text, in order. */
    public List<String> with(String text) {
        return lines.toString().lines().filter(line -> line.contains(text)).toList();
    }

    @Override
    public void close() {
        logger.removeAppender(appender);
    }

    private static final class OnThread extends AbstractFilter {
        private final long id;

        OnThread(long id) {
            this.id = id;
        }

        @Override
        public Result filter(LogEvent event) {
            return event.getThreadId() == id ? Result.NEUTRAL : Result.DENY;
        }
    }
}
