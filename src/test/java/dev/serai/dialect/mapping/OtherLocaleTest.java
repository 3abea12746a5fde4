package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.ShippedSamples.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mapping makes the same on a machine in Turkey, where the small letter of I is another one. */
@Isolated
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OtherLocaleTest {
    private final Locale before = Locale.getDefault();

    @BeforeEach
    void move() {
        Locale.setDefault(Locale.of("tr", "TR"));
    }

    @AfterEach
    void moveBack() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @MethodSource("dev.serai.dialect.mapping.ShippedSamples#all")
    void sample_becomesWhatIsExpected(ShippedSamples.Sample sample) throws Exception {
        assertThat(sample.files().differences(mapping(sample.vendor()))).isEmpty();
    }
}
