package dev.serai.testing;

import java.beans.PropertyChangeListener;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.jspecify.annotations.Nullable;

/**
 * What a class, a thread or all log, as {@code LEVEL message}, from the creation of this to its closing. Other tests may
 * run at the same time (see {@link BesideOthers}): that a line is missing, or how many there are, can be said only of one
 * thread, or of lines that name what is the test's own. Thread-safe.
 */
public final class LogLines implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final StringWriter lines = new StringWriter();
    private final Logger logger;
    private final @Nullable Filter filter;
    private final String pattern;
    private final PropertyChangeListener setUpAnew = change -> setUpAnew();
    private @Nullable Configuration attachedTo;
    private WriterAppender appender;

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
        this.filter = filter;
        this.pattern = pattern;
        appender = attach();
        logger.getContext().addPropertyChangeListener(setUpAnew);
    }

    /** A command that runs in this process sets the log up anew, without what was added to it. */
    private synchronized void setUpAnew() {
        // It tells of smaller changes, too.
        if (logger.getContext().getConfiguration() != attachedTo) {
            appender = attach();
        }
    }

    private WriterAppender attach() {
        attachedTo = logger.getContext().getConfiguration();
        // Of those of one name a logger has one.
        String name = "log-lines-" + NUMBERS.incrementAndGet();
        WriterAppender added = WriterAppender.createAppender(
                PatternLayout.newBuilder().withPattern(pattern).build(), filter, lines, name, false, false);
        added.start();
        logger.addAppender(added);
        return added;
    }

    /** Those that hold the text, in order. */
    public List<String> with(String text) {
        return lines.toString().lines().filter(line -> line.contains(text)).toList();
    }

    @Override
    public synchronized void close() {
        logger.getContext().removePropertyChangeListener(setUpAnew);
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
