package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(10)
@SetsUpTheLog
class LogLinesTest {
    private static final Logger LOG = LoggerFactory.getLogger(LogLinesTest.class);

    @Test
    void linesAfterTheLogWasSetUpAnew_areThereToo() {
        try (LogLines lines = new LogLines(LogLinesTest.class)) {
            LOG.info("before");
            Configurator.reconfigure();
            LOG.info("after");

            assertThat(lines.with("")).containsExactly("INFO before", "INFO after");
        }
    }
}
