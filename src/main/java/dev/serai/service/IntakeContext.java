package dev.serai.service;

import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.MappingContext;
import dev.serai.dialect.mapping.MappingDefaults;
import dev.serai.dialect.mapping.NumberDigest;
import dev.serai.settings.HeldSecret;
import dev.serai.settings.MappedIntake;

/** What the settings of an intake let its mapping use, wherever it is run. Stateless. */
public final class IntakeContext {
    private IntakeContext() {}

    /**
     * What the mapping of one intake may use.
     *
     * @param rows of its table
     */
    public static MappingContext of(MappedIntake intake, LookUp rows) {
        HeldSecret key = intake.digestKeyFile();
        return new MappingContext(
                rows,
                key == null ? null : NumberDigest.of(key.secret().reveal()),
                intake.country(),
                new MappingDefaults(intake.characterId(), intake.tenant(), intake.ttl()));
    }
}
