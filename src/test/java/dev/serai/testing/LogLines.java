package dev.serai.testing;

import java.io.StringWriter;
import java.util.List;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** What a class logs, as {@code LEVEL message}, from the creation of this to its closing. Thread-safe. */
public final class LogLines implements AutoCloseable {
    private final StringWriter lines = new StringWriter();
    private final Logger logger;
    private final WriterAppender appender = WriterAppender.createAppender(
            PatternLayout.newBuilder().withPattern("%p %m%n").build(), null, lines, "log-lines", false, false);

    public LogLines(Class<?> logging) {
        this(LoggerContext.getContext(false).getLogger(logging.getName()));
    }

    /** Of all classes, as far as the log's levels let it through. */
    public static LogLines ofAll() {
        return new LogLines(LoggerContext.getContext(false).getRootLogger());
    }

    private LogLines(Logger logger) {
        this.logger = logger;
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
}
