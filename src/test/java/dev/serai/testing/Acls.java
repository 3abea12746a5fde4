package dev.serai.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.awaitility.Awaitility;

/** Rules of a broker on which everybody may do what no rule speaks of. */
public final class Acls {
    /** What makes such a broker. */
    public static final Map<String, String> BROKER = Map.of(
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found",
            "true");

    private Acls() {}

    /** Returns when there are none. */
    public static void deleteAll(Admin admin) throws Exception {
        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .until(() ->
                        admin.describeAcls(AclBindingFilter.ANY).values().get().isEmpty());
    }
}
