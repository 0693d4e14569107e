"""What every address answers to every role; see test_addresses.py for the signs."""

TABLE = """
#                                      visitor head pilot chief-19 office-19 contributor data-officer auditor elected, in this order
account_login                          o > > > > > > > >
account_logout                         > o o o o o o o o
account_inactive                       o o o o o o o o o
account_signup                         - - - - - - - - -
account_reauthenticate                 > o o o o o o o o
account_email                          - - - - - - - - -
account_email_verification_sent        - - - - - - - - -
account_change_password                > o o o o o o o o
account_set_password                   - - - - - - - - -
account_reset_password                 o o o o o o o o o
account_confirm_login_code             - - - - - - - - -
account_confirm_email                  - - - - - - - - -
account_reset_password_from_key_done   o o o o o o o o o
account_reset_password_from_key        o o o o o o o o o
account_reset_password_done            o o o o o o o o o
mfa_index                              > o o o o o o o o
mfa_authenticate                       > > > > > > > > >
mfa_reauthenticate                     > o o o o > o > >
mfa_activate_totp                      > > > > > > > > >
mfa_deactivate_totp                    > > > > > - > - -
mfa_view_recovery_codes                > - - - - - - - -
mfa_generate_recovery_codes            > > > > > > > > >
mfa_download_recovery_codes            > - - - - - - - -
socialaccount_login_cancelled          o o o o o o o o o
socialaccount_login_error              . . . . . . . . .
socialaccount_signup                   - - - - - - - - -
socialaccount_connections              - - - - - - - - -
openid_connect_login                   - - - - - - - - -
openid_connect_callback                - - - - - - - - -
steering:objectives                    o o o o o o o o o
steering:objective                     o o o o o o o o o
steering:say_confidence                > p p p p p p p p
steering:indicators                    o o o o o o o o o
steering:indicators_file               o o o o o o o o o
steering:indicator                     o o o o o o o o o
steering:indicator_file                o o o o o o o o o
roadmaps:overview                      o o o o o o o o o
roadmaps:plan own                      - o o o o o o o -
roadmaps:plan other                    - o o - - - o o -
roadmaps:plan published                o o o o o o o o o
roadmaps:coverage                      o o o o o o o o o
roadmaps:multi_directorate             o o o o o o o o o
roadmaps:actions                       o o o o o o o o o
roadmaps:board                         o o o o o o o o o
roadmaps:timeline                      o o o o o o o o o
roadmaps:saved_views                   > o o o o o o o o
roadmaps:bulk                          > o o o . o . . .
roadmaps:action own                    - o o o o o o o -
roadmaps:action other                  - o o - - - o o -
roadmaps:action published              o o o o o o o o o
roadmaps:action_edit own               > o o o . o . . -
roadmaps:action_edit other             > o o - - - . . -
roadmaps:action_edit published         > o o . . . . . .
roadmaps:report_milestone own          > p p p p p p p p
roadmaps:report_milestone other        > p p p p p p p p
roadmaps:report_milestone published    > p p p p p p p p
roadmaps:report_value own              > p p p p p p p p
roadmaps:report_value other            > p p p p p p p p
roadmaps:report_value published        > p p p p p p p p
roadmaps:hold_review own               > p p p p p p p p
roadmaps:hold_review other             > p p p p p p p p
roadmaps:hold_review published         > p p p p p p p p
roadmaps:say_confidence own            > p p p p p p p p
roadmaps:say_confidence other          > p p p p p p p p
roadmaps:say_confidence published      > p p p p p p p p
roadmaps:action_comment own            > p p p p p p p p
roadmaps:action_comment other          > p p p p p p p p
roadmaps:action_comment published      > p p p p p p p p
roadmaps:ask_partner own               > p p p p p p p p
roadmaps:ask_partner other             > p p p p p p p p
roadmaps:ask_partner published         > p p p p p p p p
roadmaps:answer_partner own            > p p p p p p p p
roadmaps:answer_partner other          > p p p p p p p p
roadmaps:answer_partner published      > p p p p p p p p
roadmaps:action_move own               > p p p p p p p p
roadmaps:action_move other             > p p p p p p p p
roadmaps:action_move published         > p p p p p p p p
roadmaps:action_attach own             > p p p p p p p p
roadmaps:action_attach other           > p p p p p p p p
roadmaps:action_attach published       > p p p p p p p p
roadmaps:action_detach own             > p p p p p p p p
roadmaps:action_detach other           > p p p p p p p p
roadmaps:action_detach published       > p p p p p p p p
roadmaps:action_document own           - - - - - - - - -
roadmaps:action_document other         - - - - - - - - -
roadmaps:action_document published     - - - - - - - - -
roadmaps:action_new own                > o o o . o . . -
roadmaps:action_new other              > o o - - - . . -
roadmaps:action_new published          > ! ! . . . . . .
roadmaps:extra_fields own              > o o o . . . . -
roadmaps:extra_fields other            > o o - - - . . -
roadmaps:extra_fields published        > o o . . . . . .
roadmaps:campaigns                     > o o o o o o o .
roadmaps:campaign                      > o o o o o o o .
roadmaps:plan_move own                 > p p p p p p p p
roadmaps:plan_move other               > p p p p p p p p
roadmaps:plan_move published           > p p p p p p p p
roadmaps:gate_pass own                 > p p p p p p p p
roadmaps:gate_pass other               > p p p p p p p p
roadmaps:gate_pass published           > p p p p p p p p
roadmaps:plan_opinion own              > p p p p p p p p
roadmaps:plan_opinion other            > p p p p p p p p
roadmaps:plan_opinion published        > p p p p p p p p
roadmaps:signing own                   > o o o o . . . -
roadmaps:signing other                 > o o - - - . . -
roadmaps:signing published             > o o . . . . . .
roadmaps:versions own                  - o o o o o o o -
roadmaps:versions other                - o o - - - o o -
roadmaps:versions published            o o o o o o o o o
roadmaps:version own                   - o o o o o o o -
roadmaps:version other                 - o o - - - o o -
roadmaps:version published             o o o o o o o o o
roadmaps:version_compare own           - o o o o o o o -
roadmaps:version_compare other         - o o - - - o o -
roadmaps:version_compare published     o o o o o o o o o
roadmaps:amendment_open own            > p p p p p p p p
roadmaps:amendment_open other          > p p p p p p p p
roadmaps:amendment_open published      > p p p p p p p p
roadmaps:amendment_withdraw own        > p p p p p p p p
roadmaps:amendment_withdraw other      > p p p p p p p p
roadmaps:amendment_withdraw published  > p p p p p p p p
roadmaps:evaluation own                > o o o o . . . -
roadmaps:evaluation other              > o o - - - . . -
roadmaps:evaluation published          > o o . . . . . .
roadmaps:evaluation_carry own          > p p p p p p p p
roadmaps:evaluation_carry other        > p p p p p p p p
roadmaps:evaluation_carry published    > p p p p p p p p
roadmaps:deployment own                - o o - - o o o -
roadmaps:deployment other              - o o - - - o o -
roadmaps:deployment published          o o o o o o o o o
roadmaps:deployment_edit own           - o o - - o o o -
roadmaps:deployment_edit other         - o o - - - o o -
roadmaps:deployment_edit published     o o o o o o o o o
roadmaps:commitments                   > o . . . o . . .
roadmaps:commitments_accept            > p p p p p p p p
roadmaps:commitment_answer own         > p p p p p p p p
roadmaps:commitment_answer other       > p p p p p p p p
roadmaps:commitment_answer published   > p p p p p p p p
roadmaps:actions_workbook              o o o o o o o o o
roadmaps:actions_csv                   o o o o o o o o o
roadmaps:coverage_workbook             o o o o o o o o o
roadmaps:campaign_pdf                  > o o o o o o o -
roadmaps:plan_workbook own             - o o o o o o o -
roadmaps:plan_workbook other           - o o - - - o o -
roadmaps:plan_workbook published       o o o o o o o o o
roadmaps:plan_calendar own             - o o o o o o o -
roadmaps:plan_calendar other           - o o - - - o o -
roadmaps:plan_calendar published       o o o o o o o o o
roadmaps:plan_pdf own                  - o o o o o o o -
roadmaps:plan_pdf other                - o o - - - o o -
roadmaps:plan_pdf published            o o o o o o o o o
roadmaps:plan_stratml own              - o o o o o o o -
roadmaps:plan_stratml other            - o o - - - o o -
roadmaps:plan_stratml published        o o o o o o o o o
roadmaps:my_calendar                   > o o o o o o o o
roadmaps:calendar_feed                 - - - - - - - - -
atlas:map                              o o o o o o o o o
atlas:table                            o o o o o o o o o
atlas:sectors                          o o o o o o o o o
atlas:layer                            o o o o o o o o o
web:home                               o o o o o o o o o
web:find_sector                        - - - - - - - - -
web:sectors                            o o o o o o o o o
web:sector                             o o o o o o o o o
web:search                             o o o o o o o o o
web:journal                            . o . . . . . o .
web:retentions                         o o o o o o o o o
web:accessibility                      o o o o o o o o o
web:help                               o o o o o o o o o
datahub:imports                        > o o o . . o . .
datahub:waiting                        > o o o . . o . .
datahub:row                            > - - - . . - . .
datahub:row_drop                       > p p p p p p p p
datahub:run                            > - - - . . - . .
datahub:run_issues                     > - - - . . - . .
datahub:contract                       > o o o . . - . .
datahub:confirm                        > p p p p p p p p
datahub:template                       > o o o . . - . .
datahub:deposit_new                    > o o . . . o . .
datahub:contract_draft                 > - - . . . - . .
datahub:draft_abandon                  > p p p p p p p p
datahub:deposit                        > - - - - - - - -
datahub:deposit_confirm                > p p p p p p p p
datahub:contract_edit                  > - . . . . - . .
datahub:dataset_withdraw               > - . . . . - . .
datahub:publications                   > o o . . . o . .
datahub:publication                    > - - . . . - . .
datahub:publication_move               > p p p p p p p p
datahub:catalogue                      > o o o o o o o o
datahub:catalogue_file                 > o o o o o o o o
datahub:dataset                        > o o o o o o o o
datahub:dataset_file                   > - - - - - - - -
datahub:thread_new                     > p p p p p p p p
datahub:thread_reply                   > p p p p p p p p
datahub:thread_move                    > p p p p p p p p
datahub:console                        > o . . . . o o .
datahub:console_file                   > p p p p p p p p
datahub:register                       > o o . . . o o .
datahub:register_file                  > o o . . . o o .
datahub:processing                     > o o . . . o o .
datahub:processing_new                 > . . . . . o . .
datahub:processing_edit                > . . . . . o . .
datahub:open_data                      o o o o o o o o o
datahub:catalogue_csv                  o o o o o o o o o
datahub:catalogue_jsonld               o o o o o o o o o
datahub:catalogue_ttl                  o o o o o o o o o
datahub:open_dataset                   - - - - - - - - -
datahub:open_schema                    - - - - - - - - -
datahub:open_file                      - - - - - - - - -
datahub:features_landing               o o o o o o o o o
datahub:features_conformance           o o o o o o o o o
datahub:features_api                   o o o o o o o o o
datahub:features_collections           o o o o o o o o o
datahub:features_collection            - - - - - - - - -
datahub:features_items                 - - - - - - - - -
datahub:features_item                  - - - - - - - - -
web:health                             o o o o o o o o o
web:preferences                        > o o o o o o o o
web:unsubscribe                        - - - - - - - - -
steering:cell                          > ! ! ! ! ! ! ! !
steering:cell_file                     > ! ! ! ! ! ! ! !
steering:definitions                   > o o o o o o o o
steering:definition_new                > > > . . . > . .
steering:definition                    > o o o o o o o o
steering:definition_move               > p p p p p p p p
steering:manual_values                 > o o o o o o o o
steering:manual_series_new             > o o . . . o . .
steering:manual_series                 > o o o o o o o o
steering:manual_value_move             > p p p p p p p p
steering:manual_value_document         > - - - - - - - -
steering:alerts                        > o o o o o o o .
steering:alert                         > o o o o o o o .
steering:alert_silences                > o o o o o o o .
steering:alert_move                    > p p p p p p p p
steering:alert_comment                 > p p p p p p p p
steering:silence_end                   > p p p p p p p p
steering:rebase_remove                 > p p p p p p p p
steering:public_commitments            o o o o o o o o o
steering:reviews                       > o o o o o o o o
steering:slide_template                > o o o . . . . .
steering:slide_template_file           > o o o . . . . .
steering:decision_move                 > p p p p p p p p
steering:review own                    > o o o o - o o -
steering:review other                  > o o - - - o o -
steering:review published              > o o o o o o o o
steering:review_pdf own                > ! ! ! ! - ! ! -
steering:review_pdf other              > ! ! - - - ! ! -
steering:review_pdf published          > ! ! ! ! ! ! ! !
steering:review_workbook own           > ! ! ! ! - ! ! -
steering:review_workbook other         > ! ! - - - ! ! -
steering:review_workbook published     > ! ! ! ! ! ! ! !
steering:review_slides own             > ! ! ! ! - ! ! -
steering:review_slides other           > ! ! - - - ! ! -
steering:review_slides published       > ! ! ! ! ! ! ! !
steering:review_move own               > p p p p p p p p
steering:review_move other             > p p p p p p p p
steering:review_move published         > p p p p p p p p
steering:review_minutes own            > p p p p p p p p
steering:review_minutes other          > p p p p p p p p
steering:review_minutes published      > p p p p p p p p
steering:review_point own              > p p p p p p p p
steering:review_point other            > p p p p p p p p
steering:review_point published        > p p p p p p p p
steering:review_point_remove own       > p p p p p p p p
steering:review_point_remove other     > p p p p p p p p
steering:review_point_remove published > p p p p p p p p
steering:review_comment own            > p p p p p p p p
steering:review_comment other          > p p p p p p p p
steering:review_comment published      > p p p p p p p p
steering:review_decision own           > p p p p p p p p
steering:review_decision other         > p p p p p p p p
steering:review_decision published     > p p p p p p p p
"""
