package port

import (
	"slices"
	"strings"

	"depesche/internal/port/wxr"
)

// fate is what becomes of an item.
type fate int

const (
	leave fate = iota
	becomesStory
	becomesPage
)

// technical are kinds of post that hold settings, layouts, orders and letters, never something to
// read. Other plug-ins' kinds are taken for stories if there is text in them.
var technical = []string{
	"attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request",
	"wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face",
	"guest-author", "elementor_library", "elementor_snippet", "elementor_font", "elementor_icons", "e-landing-page",
	"et_pb_layout", "et_template", "et_theme_builder", "et_header_layout", "et_body_layout", "et_footer_layout", "fusion_template",
	"fusion_element", "fusion_form", "vc_grid_item", "vc4_templates", "templatera", "tdb_templates", "tdc-review", "ct_template",
	"acf-field", "acf-field-group", "acf-post-type", "acf-taxonomy", "acf-ui-options-page", "wpcf7_contact_form", "flamingo_contact",
	"flamingo_inbound", "flamingo_outbound", "wpforms", "wpforms_log", "nf_sub", "mc4wp-form", "mailpoet_page", "popup", "popup_theme",
	"shop_order", "shop_order_refund", "shop_coupon", "shop_subscription", "product_variation", "edd_payment", "edd_log",
	"scheduled-action", "jp_pay_order", "jp_pay_product", "jetpack_migration", "feedback", "sidebar", "ml-slider", "ml-slide",
	"rank_math_schema", "rm_content_editor", "polylang_mo", "wp-types-group", "wp-types-user-group", "amn_wpforms", "advanced_ads", "adsforwp",
	"wprm_recipe", "tablepress_table", "mfn-template", "slide", "ngg_gallery", "ngg_pictures", "ngg_album", "displayed_gallery",
}

// fate decides what becomes of an item; why names what is left out.
func (im *importer) fate(it *wxr.Item) (f fate, why string) {
	switch it.Status {
	case "trash", "auto-draft":
		return leave, it.Status
	case "inherit":
		if it.Type != "attachment" {
			return leave, "revision"
		}
	}
	switch it.Type {
	case "", "post":
		return becomesStory, ""
	case "page":
		if it.Status == "publish" && it.Password == "" {
			return becomesPage, ""
		}
		// A static page is always out; what isn't must not be because of an import.
		return becomesStory, ""
	}
	switch {
	case im.o.Types != nil:
		if slices.Contains(im.o.Types, it.Type) {
			return becomesStory, ""
		}
	case !slices.Contains(technical, it.Type) && strings.TrimSpace(it.Title) != "" && strings.TrimSpace(it.Content) != "":
		return becomesStory, ""
	}
	return leave, it.Type
}
