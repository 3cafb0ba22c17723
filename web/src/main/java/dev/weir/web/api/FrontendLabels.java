package dev.weir.web.api;

import dev.weir.engine.listen.Frontend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What tells a frontend from others.
 *
 * @param thread its number among those of the same address and type, which share its load
 */
record FrontendLabels(Frontend frontend, String address, String type, int thread) {
    static List<FrontendLabels> of(List<Frontend> frontends) {
        Map<String, Integer> seen = new HashMap<>();
        List<FrontendLabels> all = new ArrayList<>();
        for (Frontend frontend : frontends) {
            String address = frontend.address().toString();
            String type = frontend.type();
            int thread = seen.merge(address + ' ' + type, 1, Integer::sum) - 1;
            all.add(new FrontendLabels(frontend, address, type, thread));
        }
        return all;
    }
}
