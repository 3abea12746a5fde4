package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(120)
@Isolated("it sets up the log of the whole process")
class LogOptionsTest {
    private static final String[] VERSION = {"version", "--log-level", "debug", "--log-format", "json"};

    @AfterEach
    void reset() {
        LogSetup.apply(LogLevel.INFO, LogFormat.TEXT);
    }

    @Test
    void commandOfAProcess_setsUpItsLog() {
        assertThat(SeraiCommand.ofProcess().execute(VERSION)).isEqualTo(ExitCode.OK);

        assertThat(level()).isEqualTo(Level.DEBUG);
    }

    @Test
    void commandBesideOtherThings_leavesTheirLogAsItIs() {
        Configuration before = LoggerContext.getContext(false).getConfiguration();

        assertThat(SeraiCommand.commandLine().execute(VERSION)).isEqualTo(ExitCode.OK);

        assertThat(LoggerContext.getContext(false).getConfiguration()).isSameAs(before);
        assertThat(level()).isEqualTo(Level.INFO);
    }

    private static Level level() {
        return LogManager.getLogger("dev.serai.Sample").getLevel();
    }
}
