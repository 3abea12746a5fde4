package dev.serai.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test awaits gets half a minute where the test does not say how long, in place of Awaitility's ten seconds: machines of
 * CI stand still now and then. And what a thread of another test ends with, beside it, is none of its failures, as it is with
 * Awaitility's own defaults. JUnit finds this by itself (junit-platform.properties). Thread-safe.
 */
public final class PatientAwaiting implements BeforeAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(PATIENCE);
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
