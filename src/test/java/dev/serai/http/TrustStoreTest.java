package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TrustStoreTest {
    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificate() {
        certificates = Certificates.of("dns:localhost", folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void keyStore_isRead(String type) throws Exception {
        Path file = certificates.trustStore(type, folder.resolve("good." + type));

        assertThat(new TrustStore(file, Certificates.PASSWORD).sslContext()).isNotNull();
    }

    @Test
    void pemWithRemarks_isRead() throws Exception {
        Path file = write("remarks.pem", "# The proxy's\n" + certificates.pem() + "\n# Again\n" + certificates.pem());

        assertThat(new TrustStore(file, null).sslContext()).isNotNull();
    }

    @Test
    void missingFile_isNamed() {
        assertUnusable(folder.resolve("missing.p12"), null, "there is no such file");
    }

    @Test
    void folder_isNamed() {
        assertUnusable(folder, null, "it cannot be read");
    }

    @Test
    void wrongPassword_isNamedAsTheReason() throws Exception {
        Path file = certificates.trustStore("PKCS12", folder.resolve("locked.p12"));

        assertUnusable(file, "guess", "its password is another one");
    }

    @Test
    void missingPassword_isNamedAsTheReason() throws Exception {
        Path file = certificates.trustStore("PKCS12", folder.resolve("locked-too.p12"));

        assertUnusable(file, null, "it holds no trusted certificate that can be read without a password");
    }

    @Test
    void garbage_isNamedAsTheReason() throws Exception {
        assertUnusable(write("garbage.p12", "not a key store"), "guess", "it is neither a key store nor PEM");
    }

    @Test
    void brokenPem_isNamedAsTheReason() throws Exception {
        Path file = write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertUnusable(file, null, "it holds a broken certificate");
    }

    @Test
    void text_hidesThePassword() {
        assertThat(new TrustStore(Path.of("a.p12"), "open-sesame").toString())
                .isEqualTo("TrustStore[a.p12, with a password]");
    }

    private static Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private static void assertUnusable(Path file, @Nullable String password, String reason) {
        AbstractThrowableAssert<?, ?> thrown = assertThatThrownBy(() -> new TrustStore(file, password).sslContext());
        thrown.isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContainingAll("trust store " + file + ": " + reason, "give a PKCS12 or JKS key store");
    }
}
